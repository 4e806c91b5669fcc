# language: fr
Fonctionnalité: Les compétences des membres (P1 à P29)
  Pour chaque situation énoncée par une source, la structure attendue vient en premier.

  @engagement-orientation
  Règle: La structure compétente vient en premier

    Plan du scénario: Situation et structure attendue
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et chaque raison cite une règle et une source

      Exemples:
        | personne                                                    | structure               | paire |
        | demandeur d'emploi                                           | france-travail-dreux    | P1    |
        | cadre                                                        | apec-cvl                | P2    |
        | 20 ans                                                       | mission-locale-dreux    | P3    |
        | handicap reconnu                                             | phare-28                | P4    |
        | salarié                                                      | avenir-actifs-cvl       | P5    |
        | indépendant                                                  | avenir-actifs-cvl       | P6    |
        | fonction publique de l'État                                  | cmc-ministere           | P7    |
        | fonction publique territoriale, catégorie A+                 | cnfpt                   | P8    |
        | fonction publique territoriale, catégorie B                  | cdg-28                  | P9    |
        | fonction publique hospitalière                               | anfh                    | P10   |
        | apprenti                                                     | avenir-actifs-cvl       | P11   |
        | 66 ans, retraité, cherche un emploi                          | france-travail-dreux    | P12   |
        | 16 ans, sans activité                                        | mission-locale-dreux    | P13   |
        | perçoit le RSA                                               | conseil-departemental-28 | P14  |
        | 22 ans, sans activité, suivi par mission-locale              | mission-locale-dreux    | P15   |
        | salarié, non cadre, demande financer-formation               | transitions-pro-cvl     | P16   |
        | salarié, non cadre, demande demissionner-pour-projet         | avenir-actifs-cvl       | P17   |
        | demandeur d'emploi, demande financer-formation               | france-travail-dreux    | P18   |
        | demande valider-acquis                                       | espace-region-vae       | P19   |
        | demande creer-entreprise                                     | bge-28                  | P21   |
        | 17 ans, demande apprentissage, secteur artisanat             | cma-cvl-28              | P22   |
        | bac + 2, secteur agriculture, demande trouver-emploi         | apecita-cvl             | P23   |
        | 20 ans, demande vie-quotidienne                              | bij-dreux               | P24   |
        | 18 ans, demande job-etudiant                                 | bij-dreux               | P24   |
        | 20 ans, demande mobilite-internationale                      | bij-dreux               | P24   |
        | élève                                                        | cio-dreux               | P25   |
        | salarié, handicap reconnu, demande maintien-emploi           | phare-28                | P26   |
        | demande financer-creation                                    | initiative-eure-et-loir | P27   |
        | 20 ans, suivi par mission-locale, difficulté mobilite        | mission-locale-dreux    | P28   |
        | scolarisé en France, demande savoirs-de-base                 | cria-28                 | P29   |

  @engagement-orientation
  Règle: Le secteur désigne la chambre

    Plan du scénario: Créer son entreprise selon le secteur
      Étant donné la personne : demande creer-entreprise, <secteur>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et bge-28 est aussi proposée

      Exemples:
        | secteur                             | structure  |
        | secteur artisanat                   | cma-cvl-28 |
        | secteur commerce-industrie-services | cci-28     |

  @engagement-orientation
  Règle: Les âges de la mission locale sont ceux de la loi

    Plan du scénario: De 16 à 25 ans révolus, 29 avec une reconnaissance de handicap
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                              | structure            |
        | 16 ans, demandeur d'emploi, demande trouver-emploi                     | mission-locale-dreux |
        | 25 ans, demandeur d'emploi, demande trouver-emploi                     | mission-locale-dreux |
        | 26 ans, demandeur d'emploi, demande trouver-emploi                     | france-travail-dreux |
        | 27 ans, demandeur d'emploi, handicap reconnu, demande contrat-engagement-jeune | mission-locale-dreux |
        | 29 ans, handicap reconnu, demande contrat-engagement-jeune             | mission-locale-dreux |

    Scénario: À 30 ans, le contrat d'engagement jeune n'est plus possible
      Étant donné la personne : 30 ans, handicap reconnu, demande contrat-engagement-jeune
      Quand l'agent demande vers qui l'orienter
      Alors mission-locale-dreux n'est pas proposée
      Et mission-locale-dreux est écartée par la règle offre-reservee
